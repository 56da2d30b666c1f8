package main

// terminalName is the console's output, wherever standard output goes (Windows, "Console Handles").
const terminalName = "CONOUT$"
