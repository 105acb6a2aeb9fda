// Package service is the diagnostics mode on the screen: a hidden gesture, a keypad for the PIN, and the
// technician's pages.
//
// The rule of this folder: it only shows and asks. Everything that uses a device, a file or the network is a
// function of [desk.Terminal] that the caller supplies. The mode covers the patient's screens and does not depend
// on them. Its texts are in the table [service] of the language files.
package service
