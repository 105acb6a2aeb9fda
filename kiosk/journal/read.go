package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"

	"infomat/kiosk"
)

// readTries is how often a copy is made of a journal that is being written.
const readTries = 20

// Read gives every record of a journal that a running terminal may have open. bbolt's lock keeps others out, so then a copy is read; one that was
// torn by a write in its middle is found out and made again.
func Read(name string, give func(seq uint64, r kiosk.Record) error) error {
	if _, err := os.Stat(name); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	db, err := bolt.Open(name, 0o600, &bolt.Options{ReadOnly: true, Timeout: 50 * time.Millisecond})
	if err == nil {
		return errors.Join(each(db, give), db.Close())
	}
	if damaged(err) {
		return fmt.Errorf("journal: %s: %w", name, err)
	}
	var records []numbered
	for range readTries {
		if records, err = readCopy(name); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err != nil {
		return fmt.Errorf("journal: %s is in use and could not be copied: %w", name, err)
	}
	for _, n := range records {
		if err := give(n.seq, n.record); err != nil {
			return err
		}
	}
	return nil
}

type numbered struct {
	seq    uint64
	record kiosk.Record
}

// readCopy reads a copy of the file, whole or not at all.
func readCopy(name string) (records []numbered, err error) {
	defer func() {
		if r := recover(); r != nil { // bbolt panics on a page that is not one
			err = fmt.Errorf("the copy was torn: %v", r)
		}
	}()
	copied, err := copyFile(name)
	if err != nil {
		return nil, err
	}
	defer os.Remove(copied)
	db, err := bolt.Open(copied, 0o600, &bolt.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	if err := db.View(func(tx *bolt.Tx) error {
		for err := range tx.Check() {
			return err
		}
		return nil
	}); err != nil {
		return nil, err
	}
	err = each(db, func(seq uint64, r kiosk.Record) error {
		records = append(records, numbered{seq, r})
		return nil
	})
	return records, err
}

func copyFile(name string) (string, error) {
	from, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer from.Close()
	to, err := os.CreateTemp("", "infomat-journal-*.db")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Close()); err != nil {
		return "", errors.Join(err, os.Remove(to.Name()))
	}
	return to.Name(), nil
}
