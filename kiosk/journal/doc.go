// Package journal is the durable record of a terminal: every transition of every booking, and notes about operators,
// devices, the configuration and failures. It is a directory of numbered segments; see segment.go for their format.
//
// The rule of this folder: a record is on disk when Append or Note returns nil, and no record holds a name, a text of
// the registry or a secret. The package imports kiosk for the booking's record.
package journal
