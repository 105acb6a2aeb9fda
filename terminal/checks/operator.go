package checks

import (
	"errors"
	"io/fs"
	"os"
	"strings"

	"infomat/kiosk/health"
)

// Operator checks whether a technician has closed booking: the file holds his reason then.
func Operator(file string) health.Finding {
	data, err := os.ReadFile(file)
	reason := strings.TrimSpace(string(data))
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && reason == "":
		return health.New(health.PartOperator, health.KindOK)
	case err != nil: // a file is there, so it was closed
		return health.New(health.PartOperator, "closed").Because(err)
	case !health.Known(health.PartOperator, reason) || reason == health.KindOK:
		return health.New(health.PartOperator, "closed")
	}
	return health.New(health.PartOperator, reason)
}
