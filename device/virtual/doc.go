// Package virtual is an ESC/POS printer in software: it stands at the other end of a pseudo-terminal, interprets what comes, answers for its state, and
// draws the paper.
//
// The rule of this folder: it does what a printer's manual says, whoever sends, and shares no code with the sender but the profiles and their
// commands' meaning in escpos: a mistake of the sender has to show on the paper.
package virtual
