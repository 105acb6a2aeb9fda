// Package demo holds the world of `infomat demo`: a simulated registry on the loopback, and the settings of a terminal
// that uses it and a printer in software.
//
// The rule of this folder: it imports apiclient/registrysim and kiosk/config, and only cmd/infomat and tests import it.
package demo
