package account

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// User is the terminal's user. The package creates it.
const User = "infomat"

// rights are what the kernel checks a process by, and its home.
type rights struct {
	uid, gid int
	groups   []int
	home     string
}

// Become gives up root's rights for good: the process has those of the terminal's user afterwards. It does nothing for
// a process that is not root's, and on a computer without that user, where no service runs that could lead root astray.
func Become() error {
	r, there, err := terminals()
	if err != nil || !there {
		return err
	}
	if err := r.take(r.uid, r.gid); err != nil {
		return err
	}
	if syscall.Setuid(0) == nil {
		return errors.New("account: root's rights could be taken back")
	}
	return nil
}

// As calls do with the rights of the terminal's user and takes those of root back. What do opens is opened as that
// user. For whom Become does nothing it only calls do.
func As(do func() error) error {
	r, there, err := terminals()
	if err != nil {
		return err
	}
	if !there {
		return do()
	}
	groups, err := syscall.Getgroups()
	if err != nil {
		return fmt.Errorf("account: %w", err)
	}
	if err := r.take(0, 0); err != nil {
		return err
	}
	err = do()
	if back := restore(groups); back != nil {
		return errors.Join(err, fmt.Errorf("account: root's rights: %w", back))
	}
	return err
}

// terminals returns the rights of the terminal's user, where there is one and the process is root's.
func terminals() (r rights, there bool, err error) {
	if os.Geteuid() != 0 {
		return r, false, nil
	}
	u, err := user.Lookup(User)
	var unknown user.UnknownUserError
	if errors.As(err, &unknown) {
		return r, false, nil
	}
	if err != nil {
		return r, false, fmt.Errorf("account: %w", err)
	}
	ids, err := u.GroupIds()
	if err != nil {
		return r, false, fmt.Errorf("account: groups of %s: %w", User, err)
	}
	r.home = u.HomeDir
	for _, id := range ids {
		n, err := strconv.Atoi(id)
		if err != nil {
			return r, false, fmt.Errorf("account: groups of %s: %w", User, err)
		}
		r.groups = append(r.groups, n)
	}
	if r.uid, err = strconv.Atoi(u.Uid); err == nil {
		r.gid, err = strconv.Atoi(u.Gid)
	}
	if err != nil || r.uid == 0 {
		return r, false, fmt.Errorf("account: the user %s cannot be used (uid %s): %w", User, u.Uid, err)
	}
	return r, true, nil
}

// take takes these rights in every thread: syscall does so. The process may return to the saved ones.
func (r rights) take(savedUser, savedGroup int) error {
	err := syscall.Setgroups(r.groups)
	if err == nil {
		err = syscall.Setresgid(r.gid, r.gid, savedGroup)
	}
	if err == nil {
		err = syscall.Setresuid(r.uid, r.uid, savedUser)
	}
	if err != nil {
		return fmt.Errorf("account: %s: %w", User, err)
	}
	return r.settle()
}

// settle has the process look for its own files where that user has them.
func (r rights) settle() error {
	for _, name := range []string{"XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"} {
		if err := os.Unsetenv(name); err != nil {
			return fmt.Errorf("account: %w", err)
		}
	}
	if err := os.Setenv("HOME", r.home); err != nil {
		return fmt.Errorf("account: %w", err)
	}
	return nil
}

// restore takes root's rights back.
func restore(groups []int) error {
	if err := syscall.Setresuid(0, 0, 0); err != nil {
		return err
	}
	if err := syscall.Setresgid(0, 0, 0); err != nil {
		return err
	}
	return syscall.Setgroups(groups)
}
