// Package setup asks a person at a terminal emulator for what a new terminal needs.
//
// The rule of this folder: questions and prompts. What is answered is checked by kiosk/config and kiosk/pin.
package setup
