@echo off
rem Finds Python 3.11 and lets start.py do the rest. ASCII with CRLF: cmd reads it in every code page.
setlocal
set PYTHONUTF8=1
cd /d "%~dp0"
py -3.11 -c "pass" >nul 2>nul
if not errorlevel 1 (
    py -3.11 start.py %*
    goto end
)
python -c "import sys; sys.exit(sys.version_info[:2] != (3, 11))" >nul 2>nul
if not errorlevel 1 (
    python start.py %*
    goto end
)
echo Python 3.11 was not found.
start "" notepad.exe need-python.txt
:end
pause
