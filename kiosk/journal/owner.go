package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// ErrBusy says that another process has the journal open: see BusyError.
var ErrBusy = errors.New("journal: another process has it open")

// BusyError says who has the journal open.
type BusyError struct {
	Path  string
	Owner Owner // zero where it could not be read
}

func (e *BusyError) Error() string {
	if e.Owner.PID == 0 {
		return fmt.Sprintf("journal: %s: another process has it open", e.Path)
	}
	return fmt.Sprintf("journal: %s: process %d on %s has had it open since %s", e.Path, e.Owner.PID, e.Owner.Host, e.Owner.Since.Format(time.DateTime))
}

// Is lets errors.Is find ErrBusy.
func (e *BusyError) Is(target error) bool { return target == ErrBusy }

// Owner is who has a journal open. It stands in a file beside it, which goes when the journal is closed: one that is still there when the
// journal is opened tells that its owner was killed.
type Owner struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Since time.Time `json:"since"`
}

func ownerFile(name string) string { return filepath.Join(name, "owner") }

// readOwner gives the zero owner where the file is missing or was torn by a crash.
func readOwner(name string) Owner {
	var o Owner
	data, err := os.ReadFile(ownerFile(name))
	if err != nil || json.Unmarshal(data, &o) != nil {
		return Owner{}
	}
	return o
}

// writeOwner says who we are. It decides nothing: that there is no room for it is no reason not to open the journal.
func writeOwner(name string) error {
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	data, err := json.Marshal(Owner{PID: os.Getpid(), Host: host, Since: time.Now().Round(time.Second)})
	if err != nil {
		return err
	}
	return os.WriteFile(ownerFile(name), data, 0o600)
}
