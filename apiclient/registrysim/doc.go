// Package registrysim is a registry in software: the reservation of the registry's page in full, the timetable of a believable clinic, and every
// documented error and the usual faults on demand.
//
// The rule of this folder: it speaks the wire as a registry does, with apiclient's models, and knows nothing of the program that talks to it. Its
// Russian stands in data files. No fault, field or error of it is reserved for tests: all can be switched over HTTP too.
package registrysim
