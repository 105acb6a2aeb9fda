// Package screens draws the steps of a visit, one file a screen: a function that turns a state into a page.
//
// The rule of this folder: a screen decides nothing. It shows what the state says and sends what was tapped; what it
// keeps of its own is no more than the page that a list is turned to. It imports kiosk, theme and widgets; its words
// come from the language files.
package screens
