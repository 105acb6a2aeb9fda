// Package xorg holds the display of a terminal: the script that starts the X server and keeps the picture on the
// monitor, and the server's settings. The Go files are their tests.
//
// The rule of this folder: nothing of it runs as root, and nothing of it knows the program.
package xorg
