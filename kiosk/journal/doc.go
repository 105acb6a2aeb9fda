// Package journal is the durable record of a terminal: every transition of every booking, and beside them what operators, devices, the configuration
// and failures did. It is a bbolt file to which an entry is added before its consequence is in the world.
//
// The rule of this folder: what Append has taken is on disk, and what is on disk holds no name, no text of the registry and no secret: an entry has
// no place for them. bbolt is never let into a file that it did not close itself: a walk through damaged pages can end the process in a way that
// nothing can catch, and the terminal would end so at every start. Each entry therefore stands in the file in a frame of its own (see frame), by which
// all entries can be found without bbolt, and a file whose last user was killed is built anew from them. It imports kiosk for the record.
package journal
