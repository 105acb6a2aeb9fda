// Package registrysim is a simulated registry: the reservation of the registry's page in full, the
// timetable of a realistic clinic, and every documented error and the usual faults on demand.
//
// The rule of this folder: it implements the protocol with apiclient's models, as a registry does, and
// knows nothing of the program that talks to it. Its Russian texts are in data files. All faults and errors
// can also be set over HTTP.
package registrysim
