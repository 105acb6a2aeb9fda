package terminal

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"infomat/assets/lang"
	"infomat/kiosk/config"
)

// reference is the language that every text has.
const reference = "ru"

// readAgain is how long the background waits before it reads files that were missing or broken again.
const readAgain = 5 * time.Second

// languages are the texts of the screens and of the paper: the embedded ones and those of the site's folder. Where a
// file of the folder, or a text of a file, cannot be used, Russian is in its place.
type languages struct {
	folder string // of the site's own languages; "": none
	log    *slog.Logger

	named []string // by the settings
	now   atomic.Pointer[texts]
}

// texts are the languages as they were read last.
type texts struct {
	bundle    *lang.Bundle
	reference *lang.Language
	further   []string // tags of the folder
	problem   error    // why the folder, or a language that the settings name, cannot be used
}

// newLanguages reads the languages. A language that is not embedded is an error only where there is no folder.
func newLanguages(s config.Screen, log *slog.Logger) (*languages, error) {
	l := &languages{folder: s.LanguagesDir, named: append([]string{s.Language}, s.Languages...), log: log}
	if err := l.read(); err != nil {
		return nil, err
	}
	switch problem := l.now.Load().problem; {
	case problem != nil && l.folder == "":
		return nil, badSetting("screen.languages", problem)
	case problem != nil:
		log.Warn("the site's languages cannot be used", "folder", l.folder, "error", problem)
	}
	return l, nil
}

// read reads the embedded languages, and extends them by the folder's.
func (l *languages) read() (err error) {
	var t texts
	if t.bundle, err = lang.Embedded(); err != nil {
		return err
	}
	if l.folder != "" {
		t.further, t.problem = t.bundle.Extend(os.DirFS(l.folder), reference)
	}
	if t.reference, err = t.bundle.Language(reference); err != nil {
		return err
	}
	for _, tag := range l.named {
		if _, err := t.bundle.Language(tag); err != nil {
			t.problem = errors.Join(t.problem, err)
		}
	}
	l.now.Store(&t)
	return nil
}

// run reads a folder that could not be used again until it can be, or ctx ends.
func (l *languages) run(ctx context.Context) {
	for l.now.Load().problem != nil {
		select {
		case <-ctx.Done():
			return
		case <-time.After(readAgain):
		}
		if err := l.read(); err != nil {
			l.log.Error("the languages cannot be read", "error", err)
			return
		}
	}
	if l.folder != "" {
		l.log.Info("the site's languages are in use", "folder", l.folder)
	}
}

// language returns a language; Russian while the one that is asked for is not there.
func (l *languages) language(tag string) *lang.Language {
	t := l.now.Load()
	if found, err := t.bundle.Language(tag); err == nil {
		return found
	}
	return t.reference
}

// offered returns the tags of the language button, of those that are named and of the folder's those that are there.
func (l *languages) offered(named []string) (tags []string) {
	t := l.now.Load()
	for _, tag := range append(slices.Clone(named), t.further...) {
		if _, err := t.bundle.Language(tag); err == nil && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags
}
