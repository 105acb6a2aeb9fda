package speech

import (
	"context"
	"errors"
	"log/slog"
	"os/exec"
	"strings"
	"time"
)

// program describes how to use a speech program.
type program struct {
	name string
	say  func(language string) []string // returns the arguments for reading standard input
	hush []string                       // arguments that stop the speech; nil: killing the program is enough
}

// programs lists the supported speech programs in order of preference. spd-say: -e reads standard input line by
// line, -w waits until the text is spoken, -C cancels all messages (src/clients/say in speech-dispatcher).
// espeak-ng: -s is the speed in words per minute, slower than the default of 175 (espeak-ng(1)).
var programs = [...]program{
	{"spd-say", func(language string) []string { return []string{"-e", "-w", "-l", language} }, []string{"-C"}},
	{"espeak-ng", func(language string) []string { return []string{"--stdin", "-s", "140", "-v", language} }, nil},
}

// Voice reads texts aloud, one request at a time. A new request cancels the previous one. Its methods are safe for
// concurrent use.
type Voice struct {
	program  program
	log      *slog.Logger
	requests chan request
}

type request struct {
	language string
	texts    []string // empty: stop reading
}

// Find returns a Voice that uses the first speech program found in $PATH, or nil if there is none.
func Find(log *slog.Logger) *Voice {
	for _, p := range programs {
		if _, err := exec.LookPath(p.name); err == nil {
			return &Voice{program: p, log: log, requests: make(chan request, 1)}
		}
	}
	return nil
}

// Say reads texts aloud and cancels what is being read. It never blocks. Run must be running.
func (v *Voice) Say(language string, texts []string) { v.ask(request{language, texts}) }

// Stop cancels what is being read. It never blocks.
func (v *Voice) Stop() { v.ask(request{}) }

// ask queues a request for Run and drops the one that is still waiting, if any.
func (v *Voice) ask(r request) {
	for {
		select {
		case v.requests <- r:
			return
		default:
		}
		select {
		case <-v.requests: // superseded by r
		default:
		}
	}
}

// Run handles requests until ctx is done. Speech has stopped when it returns.
func (v *Voice) Run(ctx context.Context) {
	stop := func() {}
	defer func() { stop() }()
	for {
		select {
		case <-ctx.Done():
			return
		case r := <-v.requests:
			stop()
			stop = v.speak(ctx, r)
		}
	}
}

// speak starts to read a request. The returned function cancels it and waits until the speech program has ended.
func (v *Voice) speak(ctx context.Context, r request) (stop func()) {
	if len(r.texts) == 0 {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c := exec.CommandContext(ctx, v.program.name, v.program.say(r.language)...)
		c.Stdin, c.WaitDelay = strings.NewReader(script(r.texts)), time.Second
		if err := c.Run(); err != nil && ctx.Err() == nil {
			v.log.Warn("the speech program failed", "program", v.program.name, "error", err)
		}
	}()
	return func() {
		running := true
		select {
		case <-ended:
			running = false
		default:
		}
		cancel()
		<-ended
		if running && v.program.hush != nil {
			v.hush()
		}
	}
}

// hush stops speech that goes on after the client program has ended, as with speech-dispatcher.
func (v *Voice) hush() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := exec.CommandContext(
		ctx, v.program.name, v.program.hush...,
	).Run(); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		v.log.Warn("stopping the speech failed", "program", v.program.name, "error", err)
	}
}

// script returns the input of the speech program, one line per line of text. Each line begins with a space,
// because spd-say takes a line that begins with "!-!" as a command.
func script(texts []string) string {
	var b strings.Builder
	for _, text := range texts {
		for line := range strings.Lines(text) {
			b.WriteString(" " + strings.TrimSpace(line) + "\n")
		}
	}
	return b.String()
}
