package speech

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ALSA is the Sensor of the sound cards that the kernel knows. Their drivers have a switch, such as "Headphone Jack" or
// "Front Headphone Jack", that is on while a plug is in (Documentation/sound/designs/jack-controls.rst).
type ALSA struct {
	Dir string // of the cards' control devices; blank: /dev/snd
}

// errNoJack says that no card has a switch for headphones.
var errNoJack = errors.New("no sound card tells whether headphones are plugged in")

// Plugged implements Sensor.
func (a ALSA) Plugged() (bool, error) {
	dir := a.Dir
	if dir == "" {
		dir = "/dev/snd"
	}
	cards, err := filepath.Glob(filepath.Join(dir, "controlC*"))
	if err != nil {
		return false, err
	}
	result := errNoJack
	for _, card := range cards {
		plugged, err := pluggedAt(card)
		switch {
		case plugged:
			return true, nil
		case err == nil:
			result = nil
		case errors.Is(result, errNoJack):
			result = err
		}
	}
	return false, result
}

// The kernel's structures (include/uapi/sound/asound.h) on computers of 64 bits.
type (
	elemID struct {
		number    uint32
		iface     int32
		device    uint32
		subdevice uint32
		name      [44]byte
		index     uint32
	}
	elemList struct {
		offset, space, used, count uint32
		ids                        *elemID
		_                          [50]byte
	}
	elemValue struct {
		id       elemID
		indirect uint32
		value    [128]int64
		_        [128]byte
	}
)

// The requests, from the direction, the size and the numbers of the kernel's _IOWR('U', 0x10 and 0x12).
var (
	listElems = uintptr(3<<30 | unsafe.Sizeof(elemList{})<<16 | 'U'<<8 | 0x10)
	readElem  = uintptr(3<<30 | unsafe.Sizeof(elemValue{})<<16 | 'U'<<8 | 0x12)
)

// maxElems bounds what is read of a card, which has some hundred elements.
const maxElems = 4096

// pluggedAt returns whether a plug is in a card.
func pluggedAt(card string) (bool, error) {
	f, err := os.OpenFile(card, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return false, err
	}
	defer f.Close()
	ids, err := elements(f)
	if err != nil {
		return false, fmt.Errorf("%s: %w", card, err)
	}
	result := errNoJack
	for _, id := range ids {
		if !isHeadphoneJack(unix.ByteSliceToString(id.name[:])) {
			continue
		}
		v := elemValue{id: id}
		if err := control(f, readElem, unsafe.Pointer(&v)); err != nil {
			return false, fmt.Errorf("%s: %w", card, err)
		}
		if v.value[0] != 0 {
			return true, nil
		}
		result = nil
	}
	return false, result
}

// isHeadphoneJack reports whether an element is the switch of a jack for headphones. A phantom jack is always on.
func isHeadphoneJack(name string) bool {
	return strings.HasSuffix(name, " Jack") && !strings.Contains(name, "Phantom") &&
		(strings.Contains(name, "Headphone") || strings.Contains(name, "Headset"))
}

// elements returns the ids of a card's elements.
func elements(f *os.File) ([]elemID, error) {
	var list elemList
	if err := control(f, listElems, unsafe.Pointer(&list)); err != nil {
		return nil, err
	}
	n := min(list.count, maxElems)
	if n == 0 {
		return nil, nil
	}
	ids := make([]elemID, n)
	list = elemList{space: n, ids: &ids[0]}
	err := control(f, listElems, unsafe.Pointer(&list))
	runtime.KeepAlive(ids)
	return ids[:min(list.used, n)], err
}

func control(f *os.File, request uintptr, data unsafe.Pointer) error {
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), request, uintptr(data)); errno != 0 {
		return errno
	}
	return nil
}
