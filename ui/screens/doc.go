// Package screens draws the steps of a visit. Each screen is a function that draws a state as a page.
//
// The rule of this folder: a screen makes no decisions. It shows the state and sends the events of taps. The only
// state of its own is the page that a list shows. It imports kiosk, theme and widgets; its texts come from the
// language files.
package screens
