# Puts the project's certificate into the user's store, and names it, and signtool, to the later steps.
#
# CERTIFICATE holds a certificate for code with its key (.pfx, in base64).
$ErrorActionPreference = "Stop"

if (-not $env:CERTIFICATE) {
    Write-Output "NOT SIGNED: there is no certificate"
    exit 0
}
$file = Join-Path $env:RUNNER_TEMP "certificate.pfx"
[IO.File]::WriteAllBytes($file, [Convert]::FromBase64String($env:CERTIFICATE))
$password = ConvertTo-SecureString $env:CERTIFICATE_PASSWORD -AsPlainText -Force
$found = Import-PfxCertificate -FilePath $file -Password $password -CertStoreLocation Cert:\CurrentUser\My
Remove-Item $file
"S3GUI_SIGN_WINDOWS=$($found.Thumbprint)" | Out-File $env:GITHUB_ENV -Append -Encoding utf8
$kits = "${env:ProgramFiles(x86)}\Windows Kits\10\bin\*\x64\signtool.exe"
$tool = Get-Item $kits | Sort-Object FullName | Select-Object -Last 1
$tool.DirectoryName | Out-File $env:GITHUB_PATH -Append -Encoding utf8
