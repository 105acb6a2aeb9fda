package usbprinter

import "strings"

// others returns a list of the printers of this computer for an error.
func others() string {
	all, err := List()
	if err != nil || len(all) == 0 {
		return "no USB printer is known on this computer"
	}
	var names []string
	for _, i := range all {
		names = append(names, i.Name)
	}
	return "there are: " + strings.Join(names, ", ")
}

// Find returns the description of the printer that is named, by its stable name or by its device.
func Find(name string) (Info, bool) {
	all, err := List()
	if err != nil {
		return Info{}, false
	}
	for _, i := range all {
		if i.Name == name || i.Device == resolved(name) {
			return i, true
		}
	}
	return Info{}, false
}
