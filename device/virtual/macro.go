package virtual

import "slices"

// Macro says what a printer makes of GS : and GS ^.
type Macro int

// The kinds of printers by their macros.
const (
	MacroExecuting Macro = iota // executes the commands of a macro while they are defined too, as most do
	MacroQuiet                  // only stores them
	MacroLacking                // knows no macros
	MacroReset                  // loses its macro by ESC @
	MacroMoved                  // loses it when the paper moves
	MacroCut                    // loses it when the paper is cut
)

// macro is the macro of a printer. As a rule it outlives ESC @, and is lost when the printer is switched off.
type macro struct {
	commands []byte
	defining bool
	running  bool
	kind     Macro
}

// lose drops the macro of a printer of a kind, if this is one.
func (m *macro) lose(kind Macro) {
	if m.kind == kind {
		m.commands, m.defining = nil, false
	}
}

// maxMacro is the size of the longest macro in bytes (Epson TM-T88III specification, GS :).
const maxMacro = 2048

// macroCommand reports whether data begins with GS : or GS ^, or may do so when more bytes have come.
func macroCommand(data []byte) bool {
	return data[0] == 0x1D && (len(data) == 1 || data[1] == ':' || data[1] == '^')
}

// toggle begins a definition, which drops the macro before it, or ends one.
func (m *macro) toggle() {
	if m.running {
		return
	}
	if !m.defining {
		m.commands = nil
	}
	m.defining = !m.defining
}

// record adds bytes to the macro, and returns their number. What is too much is not stored.
func (m *macro) record(b []byte) int {
	if len(m.commands)+len(b) <= maxMacro {
		m.commands = append(m.commands, b...)
	}
	return len(b)
}

// executeMacro carries out GS ^ r t m: the macro r times. Within a definition it ends and clears that. The waiting time
// t and the mode m are not imitated.
func (i *interpreter) executeMacro(data []byte) int {
	if i.macro.kind == MacroLacking {
		i.note("GS ^")
		return 2
	}
	if len(data) < 5 {
		return 0
	}
	if i.macro.defining {
		i.macro.defining, i.macro.commands = false, nil
		return 5
	}
	if i.macro.running {
		return 5
	}
	i.macro.running = true
	for range data[2] {
		i.feed(slices.Clone(i.macro.commands))
	}
	i.macro.running = false
	return 5
}
