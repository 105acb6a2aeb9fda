package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
)

// nearlyFull is the part of the cap, in percent, from which on the journal says that it is nearly full.
const nearlyFull = 80

// trimAtOnce is how many entries are trimmed in one transaction, so that no booking waits long for its own.
const trimAtOnce = 500

// makeRoom warns once when the journal is nearly full, and trims the oldest entries where it is full: never those of a booking that has not come to
// its end, nor what is younger than its first entry. A failure is found out by the next entry. The caller holds the lock.
func (j *Journal) makeRoom() {
	if j.used < j.max/100*nearlyFull {
		j.warned = false
		return
	}
	if !j.warned {
		j.warned = true
		j.failed = j.put(note(KindSpace, "nearly full", fmt.Sprintf("%d of %d bytes are used; the oldest entries will be trimmed at %d", j.used, j.max, j.max)))
	}
	if j.used >= j.max {
		j.failed = j.trim()
	}
}

func note(k Kind, state, detail string) Entry {
	return Entry{Kind: k, At: time.Now(), Note: &Note{Subject: "journal", State: state, Detail: detail}}
}

// trim drops the oldest entries that may go.
func (j *Journal) trim() error {
	stop := uint64(math.MaxUint64)
	for _, b := range j.open {
		stop = min(stop, b.first)
	}
	var gone []uint64
	size := int64(0)
	err := j.db.View(func(tx *bolt.Tx) error {
		c := tx.Bucket(bucket).Cursor()
		for k, v := c.First(); k != nil && len(gone) < trimAtOnce && size < j.max/10; k, v = c.Next() {
			seq := binary.BigEndian.Uint64(k)
			if seq >= stop || seq == j.last {
				break
			}
			gone = append(gone, seq)
			size += int64(len(v))
		}
		return nil
	})
	if err != nil || len(gone) == 0 {
		return err
	}
	detail := fmt.Sprintf("entries %d to %d were trimmed", gone[0], gone[len(gone)-1])
	if err := j.put(note(KindSpace, "trimmed", detail), gone...); err != nil {
		return err
	}
	j.used -= size
	return nil
}

// ignoreFull passes over a full disk.
func ignoreFull(err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return nil
	}
	return err
}
