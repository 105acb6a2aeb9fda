package speech

import (
	"context"
	"errors"
	"log/slog"
	"os/exec"
	"strings"
	"time"
)

// program is how one of the system's voices is used.
// program describes how to use one speech program.
	name string
	say  func(language string) []string // arguments with which it reads its standard input
	say  func(language string) []string // arguments to read standard input aloud
	hush []string                       // arguments to stop reading; nil if killing the program is enough

// programs are the supported programs, in order of preference. spd-say: -e reads standard input line by line, -w waits
// until the text has been read, -C cancels all messages (speech-dispatcher, src/clients/say). espeak-ng: -s is the
// speed in words per minute, below the default of 175 (espeak-ng(1)).
var programs = [...]program{
	{"spd-say", func(language string) []string { return []string{"-e", "-w", "-l", language} }, []string{"-C"}},
	{"espeak-ng", func(language string) []string { return []string{"--stdin", "-s", "140", "-v", language} }, nil},
}

// Voice reads texts aloud. A new request cancels the one before. Its methods are safe for concurrent use.
type Voice struct {
	program  program
	log      *slog.Logger
	requests chan request
}

type request struct {
	language string
	texts    []string // empty means silence
}

// Find returns a voice for the first supported program in $PATH, or nil if there is none.
func Find(log *slog.Logger) *Voice {
	for _, p := range programs {
		if _, err := exec.LookPath(p.name); err == nil {
			return &Voice{program: p, log: log, requests: make(chan request, 1)}
		}
	}
	return nil
}

// Say requests that texts are read aloud instead of what is being read. It does not block.
func (v *Voice) Say(language string, texts []string) { v.ask(request{language, texts}) }

// Stop requests silence. It does not block.
func (v *Voice) Stop() { v.ask(request{}) }

// ask puts a request into the queue of one, in place of an older one that Run has not taken yet.
func (v *Voice) ask(r request) {
	for {
		select {
		case v.requests <- r:
			return
		default:
		}
		select {
		case <-v.requests: // nobody wants to hear it any more
		case <-v.requests: // superseded
		}
	}
}

// Run speaks until ctx ends, and is silent when it returns.
// Run carries out requests until ctx is done. When it returns, nothing is being read.
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

// speak starts to read, and gives the function that makes it stop and waits for that.
func (v *Voice) speak(ctx context.Context, r request) (stop func()) {
// speak starts to read aloud. stop cancels that and waits until the program has ended.
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c := exec.CommandContext(ctx, v.program.name, v.program.say(r.language)...)
		c.Stdin, c.WaitDelay = strings.NewReader(script(r.texts)), time.Second
		if err := c.Run(); err != nil && ctx.Err() == nil {
			v.log.Warn("reading aloud failed", "program", v.program.name, "error", err)
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

// hush stops a program that goes on reading after its client has ended.
func (v *Voice) hush() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := exec.CommandContext(ctx, v.program.name, v.program.hush...).Run()
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		v.log.Warn("the speech program could not be stopped", "program", v.program.name, "error", err)
	}
}

// script returns the texts as a program's input, one line each. Every line begins with a space, because spd-say takes
// a line that begins with "!-!" for a command.
func script(texts []string) string {
	var b strings.Builder
	for _, text := range texts {
		for line := range strings.Lines(text) {
			b.WriteString(" " + strings.TrimSpace(line) + "\n")
		}
	}
	return b.String()
}
