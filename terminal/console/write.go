package console

import (
	"fmt"
	"os"
	"path/filepath"

	"infomat/kiosk/durable"
)

// writeSettings writes the settings file. Root writes it only into a folder that nobody else can write to: elsewhere
// the name could lead to any file of the system.
func writeSettings(name string, text []byte) error {
	if os.Geteuid() == 0 {
		if err := rootsAlone(filepath.Dir(name)); err != nil {
			return err
		}
		if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
			return fmt.Errorf("%s is no regular file (%s): remove it", name, info.Mode().Type())
		}
	}
	return durable.WriteFile(name, text, 0o644)
}
