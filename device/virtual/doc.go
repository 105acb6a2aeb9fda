// Package virtual is an ESC/POS printer in software. It stands at the other end of a pseudo-terminal, or in the place
// of a USB printer (Printer.USB), carries out the commands that arrive, answers status questions, and draws the paper.
//
// The rule of this folder: the printer does what a printer's manual says, whatever host sends the bytes. It shares
// no code with the sender except the profiles and the meaning of their commands in escpos, and the dots of dots, so
// that a mistake of the sender shows on the paper.
package virtual
