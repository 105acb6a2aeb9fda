// Package service is the diagnostics mode on the screen: a hidden gesture, a keypad, and the pages of a technician.
//
// The rule of this folder: it shows and asks. Everything that touches a device, a file or the network is a function of
// a desk.Terminal, which the caller passes. The pages cover the patient's screens and know nothing of them. Their texts
// are the table [service] of the language files.
package service
