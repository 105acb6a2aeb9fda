// Package focus moves a focus over the targets of a page, for who uses keys and not the glass.
//
// The rule of this folder: it knows targets, their parts of the page and their places; it knows neither the toolkit nor
// what a target does. The order is the one in which the page is read. Nothing that changes anything in the world is ever
// the first in focus.
package focus
