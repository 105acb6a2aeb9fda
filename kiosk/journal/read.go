package journal

import (
	"fmt"
	"os"
	"time"
)

// A journal that is being written to can be read in the middle of a change. That shows as a gap in the chain of entries, and it is read again.
const (
	readTries = 50
	readPause = 20 * time.Millisecond
)

// Read gives every entry of a journal in the order in which they were added, also while a terminal has it open: it takes no lock, so that a reader
// who is slow keeps no terminal from starting. The error tells which entries are missing in a damaged file, after all others have been given.
func Read(name string, give func(Entry) error) error {
	c, err := readFile(name)
	for try := 1; err == nil && len(c.gaps) > 0 && try < readTries; try++ {
		time.Sleep(readPause)
		c, err = readFile(name)
	}
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	for _, f := range c.frames {
		if err := give(f.entry); err != nil {
			return err
		}
	}
	if len(c.gaps) > 0 {
		return fmt.Errorf("journal: %s is damaged: entries are missing, the first are %s", name, c.gaps[0])
	}
	return nil
}

func readFile(name string) (content, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return content{}, err
	}
	if len(data) > 0 && len(data) >= smallestFile && cutShort(data) && len(scan(data).frames) == 0 {
		return content{}, fmt.Errorf("%s is no journal", name)
	}
	return scan(data), nil
}
