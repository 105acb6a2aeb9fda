// Package journal is the durable record of a terminal: every transition of every booking, and notes about operators,
// devices, the configuration and failures. A record is on disk when Append or Note returns nil. No record holds a name,
// a text of the registry or a secret.
//
// A journal is a directory of numbered segments: files of segmentSize bytes that are filled with zeros and synced before
// they are used. Each record overwrites zeros with one line, and is synced:
//
//	checksum number previous stage subject JSON
//
// The checksum is the CRC-32C of all that follows it, in eight hexadecimal digits. Previous is the number of the record
// that was written before. The subject is the operation of a booking, or the kind of a note, whose stage is "-". Readers
// skip lines with a wrong checksum.
//
// Damage is a segment that is missing between others or has another size, a record whose previous record is not there,
// and a journal that ends before the record that was the newest when it was closed. A line at the end that is not whole
// is none: a power cut leaves it.
//
// The segment after the newest record's is the spare. A booking begins only while it is there, so that a full disk leaves
// room for the records of the bookings that have begun. At the cap the oldest segments are removed, but none from the
// first record of a booking on that has not ended.
package journal
