// Package walk plays one patient on the real screen: it looks where the buttons are, lets a hand tap them, waits for the frame that answers and
// keeps a picture of each screen.
//
// The rule of this folder: it sees and touches what a patient sees and touches, and nothing behind it. It imports ui and kiosk.
package walk
