// Package health watches over what a visit needs, and tells what works now: each part with its state, since when, and why; from them the terminal's
// own state; and whether the program itself still makes progress.
//
// The rule of this folder: it asks, it judges, it tells of changes; it mends nothing and prints nothing. What is asked and what an answer means to a
// visit is said by the parts that the wiring gives it. It imports kiosk for the words it tells them in.
package health
