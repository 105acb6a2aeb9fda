// Package health watches over what a visit needs, and tells the machine what works now.
//
// The rule of this folder: it asks, it judges, it tells of changes; it mends nothing and prints nothing. It imports kiosk for the words it tells
// them in, and asks the devices through functions that the wiring gives it.
package health
