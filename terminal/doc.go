// Package terminal is the terminal put together, without a screen: it builds the parts of a terminal from the
// settings, adapts the registry, the timetable, the printer and the journal to the interfaces of kiosk, watches all
// of it, and does what the diagnostics mode and the headless commands ask for.
//
// The rules of this folder: it knows no Fyne; each file has one job and its type gets what it needs in its
// constructor or its fields, so that no type knows the whole terminal but [Terminal], which builds and owns all of
// them. What others supply (certificates, keys, the timetable, languages, the files of the printer) is data: while it
// is missing or broken the terminal runs, says so, and tries again. Only bad settings are errors of [New].
package terminal
