// Package service is the diagnostics mode on the screen: a hidden gesture, a keypad, and the pages of a technician.
//
// The rule of this folder: it shows and asks; whatever touches a device, a file or the network is a function of
// [Terminal] that the wiring gives it. It lies over the patient's screens and knows nothing of them. Its texts are
// the table [service] of the language files.
package service
