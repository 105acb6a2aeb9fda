// Package console asks a technician on the text console: for the settings of a new terminal, and for a PIN.
//
// The rule of this folder: it reads standard input and writes standard error; what a flag gave is an argument. Where
// standard input is no console nobody is asked.
package console
