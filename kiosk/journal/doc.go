// Package journal is the durable record of a terminal: every transition of every booking, and notes about operators,
// devices, the configuration and failures. No record holds a name, a text of the registry or a secret.
//
// A journal is a directory of numbered segments: files of segmentSize bytes that are filled with zeros and synced
// before they are used. A record overwrites zeros with one line, and is synced:
//
//	checksum number previous stage subject JSON
//
// The checksum is the CRC-32C of what follows it. Previous is the number of the record that was written before. The
// subject is a booking's operation, or the kind of a note, whose stage is "-". Lines with a wrong checksum are skipped.
//
// Damage is a segment that is missing between others or has another size, a record whose previous record is not there,
// and a journal that ends before the record that was the newest when it was closed. A line at the end that is not whole
// is what a power cut leaves. The segment after the newest record's is the spare. A booking begins only while it is
// there, so that a full disk leaves room for the records of bookings that have begun.
package journal
