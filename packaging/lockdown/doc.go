// Package lockdown holds what closes a terminal to those who stand before it and to the network: the package
// infomat-lockdown. The Go files are its tests.
//
// The rule of this folder: a protection is files in files/NAME, masked units, and a function in live.sh; it has a
// switch in lockdown.conf, is in docs/hardening.md, and infomat diag says whether it holds
// (terminal/checks/lockdown.go). What apply does, revert undoes.
package lockdown
