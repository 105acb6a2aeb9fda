package kiosk

// TextSize is how large texts are drawn.
type TextSize int

// The sizes of text: capital height of at least 4.8, 7.3, 8.5 and 9.6 mm. The last one is the first one doubled.
const (
	TextNormal TextSize = iota
	TextLarge
	TextExtra
	TextDouble
)

// Contrast is how colours stand out against one another.
type Contrast int

// The contrasts: the terminal's own colours, and two with nothing but black and white.
const (
	ContrastCalm Contrast = iota
	ContrastBlackOnWhite
	ContrastWhiteOnBlack
)

// View is how a patient likes the screen. It is forgotten when the visit ends.
type View struct {
	Language string // tag of a language file: ru, en
	Text     TextSize
	Contrast Contrast
	Low      bool // all controls in the lower half
	Aloud    bool // each screen is read aloud, where the system can speak
	Rate     Level
	Volume   Volume
}

// Level is how fast a voice speaks, compared with what the site has set.
type Level int

// The levels.
const (
	LevelUsual Level = iota
	LevelMore
	LevelLess
)

// Next returns the level that follows in a circle.
func (l Level) Next() Level { return (l + 1) % (LevelLess + 1) }

// Volume is how loud a voice speaks, compared with what the site has set.
type Volume int

// The volumes, in the order in which a patient goes through them.
const (
	VolumeUsual Volume = iota
	VolumeMore
	VolumeMost
	VolumeLeast
	VolumeLess
)

// Next returns the volume that follows in a circle.
func (v Volume) Next() Volume { return (v + 1) % (VolumeLess + 1) }

// Notice is a short message on a screen that otherwise goes on as usual.
type Notice int

// The notices.
const (
	NoticeNone       Notice = iota
	NoticeCellTaken         // another patient was faster; the list is fresh
	NoticeCodeUnread        // a code was read that has no number of a policy
	NoticeIncomplete        // digits are missing
	NoticeImpossible        // nobody was born on a date that begins so
)
