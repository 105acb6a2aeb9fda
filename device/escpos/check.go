package escpos

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// check returns an error for what is missing or impossible, and completes the profile.
func (p *Profile) check() *valueError {
	switch {
	case p.Columns < MinColumns || p.Columns > MaxColumns:
		return wrong(fmt.Sprintf("write a number from %d to %d", MinColumns, MaxColumns), "columns = %d", p.Columns)
	case p.Dots < p.Columns*fontADots || p.Dots > 2048:
		return wrong(
			fmt.Sprintf("a line of %d characters of 12 dots needs %d; most is 2048", p.Columns, p.Columns*fontADots),
			"dots = %d",
			p.Dots,
		)
	case p.Text != TextPage && p.Text != TextRaster:
		return wrong("write page or raster", "text = %q", p.Text)
	case !slices.Contains([]string{RasterGSv0, RasterESCStar, RasterNone}, p.Raster):
		return wrong("write gs_v_0, esc_star or none", "raster = %q", p.Raster)
	case p.QR != QRNative && p.QR != QRRaster:
		return wrong("write native or raster", "qr = %q", p.QR)
	case !slices.Contains(confirms, p.Confirm):
		return wrong("write one of: "+strings.Trim(fmt.Sprint(confirms), "[]"), "confirm = %q", p.Confirm)
	case p.Buffer < 32 || p.Buffer > 1<<20:
		return wrong("write the size of the receive buffer in bytes, at least 32", "buffer = %d", p.Buffer)
	case p.Text == TextRaster && p.Raster == RasterNone:
		return wrong("name the printer's command for pictures", `text = "raster" needs pictures, and raster is "none"`)
	case p.Text == TextPage && len(p.Pages) == 0:
		return wrong(`name at least one, or write text = "raster"`, "there are no pages")
	}
	if err := p.checkPages(); err != nil {
		return err
	}
	if p.ASB != nil && len(p.ASB.Ask) == 0 {
		p.ASB = nil
	}
	if p.Presenter != nil && len(p.Presenter.Present) == 0 {
		p.Presenter = nil
	}
	if err := p.checkMarker(); err != nil {
		return err
	}
	return p.checkQuestions()
}

func (p *Profile) checkPages() *valueError {
	p.Pages = slices.Clone(p.Pages) // they may be another profile's
	for i, page := range p.Pages {
		m, ok := charmaps[page.Name]
		if !ok {
			return wrong("write one of: cp866, wpc1251, cp855, iso8859-5, koi8-r", "there is no code page %q", page.Name)
		}
		p.Pages[i].Map = m
	}
	p.Page = CodePage{}
	if p.Text == TextPage {
		p.Page = p.Pages[0]
	}
	return nil
}

func (p *Profile) checkQuestions() *valueError {
	questions := slices.Clone(p.Ask)
	if p.ASB != nil {
		questions = append(questions, *p.ASB)
	}
	for _, q := range questions {
		if len(q.Ask) == 0 || len(q.Shape) == 0 {
			return wrong(
				`write it as { ask = "10 04 01", shape = ["93/12"], bits = { offline = "1:08" } }`,
				"a question without ask or shape",
			)
		}
		for name, places := range q.Bits {
			if _, ok := statusNames[name]; !ok {
				return wrong(
					"write one of: "+strings.Join(slices.Sorted(maps.Keys(statusNames)), ", "),
					"%q is no state of a printer",
					name,
				)
			}
			for _, b := range places {
				if b.Byte < 1 || b.Byte > len(q.Shape) {
					return wrong(
						"count its bytes from 1",
						"bits of byte %d, and the answer to % X has %d",
						b.Byte,
						q.Ask,
						len(q.Shape),
					)
				}
			}
		}
	}
	switch {
	case p.Confirm == ConfirmESCv && (len(p.Ask) == 0 || string(p.Ask[0].Ask) != "\x1bv"):
		return wrong("write it as the first question of ask", `confirm = "esc_v" without the question 1B 76`)
	case p.Confirm == ConfirmASB && p.ASB == nil:
		return wrong("describe the automatic status", `confirm = "asb" without asb`)
	case p.Confirm == ConfirmMotor && !p.Knows(Moving):
		return wrong("name the bit moving", `confirm = "motor", and no question tells whether it runs`)
	}
	return nil
}
