; The installer of Windows: for one person, without an administrator.
;
;   makensis -DVERSION=1.2.3 -DNUMBERS=1.2.3.0 -DSTAGED=folder -DICON=s3gui.ico -DOUTPUT=setup.exe s3gui.nsi
;
; Silent:    s3gui-setup.exe /S [/D=C:\Folder]      (the last option, without quotes)
; Uninstall: uninstall.exe /S [/DATA]               /DATA removes the queue and the settings too
Unicode true
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\s3gui"

Name "s3gui"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\s3gui"
InstallDirRegKey HKCU "${KEY}" "InstallLocation"
RequestExecutionLevel user
SetCompressor /SOLID lzma
ManifestDPIAware true

VIProductVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "s3gui"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "s3gui setup"
VIAddVersionKey "CompanyName" "The s3gui developers"
VIAddVersionKey "LegalCopyright" "MIT licence"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\s3gui.exe"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "${LICENSE}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"
!insertmacro MUI_LANGUAGE "Spanish"
!insertmacro MUI_LANGUAGE "French"
!insertmacro MUI_LANGUAGE "Japanese"
!insertmacro MUI_LANGUAGE "SimpChinese"

LangString KEEP_DATA ${LANG_ENGLISH} "Keep the queue and the settings of s3gui?"
LangString KEEP_DATA ${LANG_GERMAN} "Warteschlange und Einstellungen von s3gui behalten?"
LangString KEEP_DATA ${LANG_SPANISH} "¿Conservar la cola y la configuración de s3gui?"
LangString KEEP_DATA ${LANG_FRENCH} "Conserver la file d'attente et les réglages de s3gui ?"
LangString KEEP_DATA ${LANG_JAPANESE} "s3gui のキューと設定を残しますか？"
LangString KEEP_DATA ${LANG_SIMPCHINESE} "是否保留 s3gui 的队列和设置？"
LangString IS_RUNNING ${LANG_ENGLISH} "s3gui is running. Close it, then try again."
LangString IS_RUNNING ${LANG_GERMAN} "s3gui läuft noch. Bitte schließen und noch einmal versuchen."
LangString IS_RUNNING ${LANG_SPANISH} "s3gui se está ejecutando. Ciérrelo y vuelva a intentarlo."
LangString IS_RUNNING ${LANG_FRENCH} "s3gui est ouvert. Fermez-le, puis réessayez."
LangString IS_RUNNING ${LANG_JAPANESE} "s3gui が実行中です。終了してからもう一度お試しください。"
LangString IS_RUNNING ${LANG_SIMPCHINESE} "s3gui 正在运行。请关闭后重试。"

; A program that runs cannot be opened for writing: nothing is replaced under it.
!macro WaitUntilClosed PROGRAM
    ${Do}
        ${IfNot} ${FileExists} "$INSTDIR\${PROGRAM}"
            ${ExitDo}
        ${EndIf}
        ClearErrors
        FileOpen $0 "$INSTDIR\${PROGRAM}" a
        ${IfNot} ${Errors}
            FileClose $0
            ${ExitDo}
        ${EndIf}
        MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(IS_RUNNING)" /SD IDCANCEL IDRETRY +2
        Abort
    ${Loop}
!macroend

Section
    !insertmacro WaitUntilClosed "s3gui.exe"
    !insertmacro WaitUntilClosed "s3gui-cli.exe"
    ; An upgrade leaves no file of the older version behind.
    RMDir /r "$INSTDIR\_internal"
    SetOutPath "$INSTDIR"
    File /r "${STAGED}\*.*"
    WriteUninstaller "$INSTDIR\uninstall.exe"
    CreateShortcut "$SMPROGRAMS\s3gui.lnk" "$INSTDIR\s3gui.exe"
    CreateShortcut "$SENDTO\s3gui.lnk" "$INSTDIR\s3gui.exe"
    WriteRegStr HKCU "${KEY}" "DisplayName" "s3gui"
    WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\s3gui.exe"
    WriteRegStr HKCU "${KEY}" "Publisher" "The s3gui developers"
    WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKCU "${KEY}" "NoModify" 1
    WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
    ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
    IntFmt $0 "0x%08X" $0
    WriteRegDWORD HKCU "${KEY}" "EstimatedSize" "$0"
SectionEnd

Section "Uninstall"
    !insertmacro WaitUntilClosed "s3gui.exe"
    !insertmacro WaitUntilClosed "s3gui-cli.exe"
    RMDir /r "$INSTDIR\_internal"
    Delete "$INSTDIR\s3gui.exe"
    Delete "$INSTDIR\s3gui-cli.exe"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\s3gui.lnk"
    Delete "$SENDTO\s3gui.lnk"
    DeleteRegKey HKCU "${KEY}"
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "s3gui"
    ${GetParameters} $0
    ${GetOptions} $0 "/DATA" $1
    ${IfNot} ${Errors}
        RMDir /r "$LOCALAPPDATA\s3gui"
    ${Else}
        MessageBox MB_YESNO|MB_ICONQUESTION "$(KEEP_DATA)" /SD IDYES IDYES +2
        RMDir /r "$LOCALAPPDATA\s3gui"
    ${EndIf}
SectionEnd
