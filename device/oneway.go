package device

import "errors"

// silences is the number of rounds of status questions without an answer after which a line on which nothing was ever
// heard is taken for one that carries nothing back. The terminal's watch asks every few seconds.
const silences = 3

// findOneWay counts the rounds of questions that were not answered on a line on which nothing was ever heard: err is
// the error of the last one. That is a cable of two wires, a printer that answers nothing, or one that is switched off:
// they cannot be told apart. A printer that has answered before and is silent now is off.
func (p *Printer) findOneWay(err error) {
	if p.port == nil || p.heard || !errors.Is(err, ErrSilent) {
		return
	}
	p.silent++
	p.oneWay = p.silent >= silences
}
