// Package journal is the durable record of bookings: a bbolt file to which every transition is added before its consequence is in the world.
//
// The rule of this folder: what Append has taken is on disk, and what is on disk holds no name, no text of the registry and no secret: a record has
// no place for them. It imports kiosk for the record.
package journal
