// Package registry is the source of free cells that reads the registry's own timetable, page by page.
//
// The rule of this folder: it alone knows the addresses and properties of the registry's timetable. What no page
// documents is marked GUESS, and a setting changes it. A page that cannot be read costs what it holds. No text of the
// registry is in an error: positions and kinds are. The package imports apiclient and apiclient/schedule and knows no
// other source.
package registry
