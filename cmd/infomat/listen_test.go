package main_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestListensNowhere checks that the running terminal can be reached over the network at metrics.listen alone, and
// without that setting nowhere.
func TestListensNowhere(t *testing.T) {
	for name, more := range map[string]string{"by default": "", "with metrics": "[metrics]\nlisten = %q\n"} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			var want []string
			if more != "" {
				l, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					t.Fatal(err)
				}
				want = []string{"tcp " + l.Addr().String()}
				s.more = fmt.Sprintf(more, l.Addr())
				if err := l.Close(); err != nil {
					t.Fatal(err)
				}
			}
			s.write()
			r := s.run()
			r.wait("level=\"in service\"")
			if more != "" {
				r.wait("msg=metrics")
			}
			if got := listening(t, r.cmd.Process.Pid); !slices.Equal(got, want) {
				t.Errorf("the terminal listens at %v, want %v", got, want)
			}
			r.end()
		})
	}
}

// listening returns where a process takes connections or datagrams of a network, as proc(5) tells it: TCP sockets that
// listen, and UDP and raw sockets that have no peer.
func listening(t *testing.T, pid int) (where []string) {
	t.Helper()
	proc := fmt.Sprintf("/proc/%d/", pid)
	own := map[string]bool{}
	files, err := filepath.Glob(proc + "fd/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no descriptors of %d: %v", pid, err)
	}
	for _, f := range files {
		if link, err := os.Readlink(f); err == nil && strings.HasPrefix(link, "socket:[") {
			own[strings.Trim(link, "socket:[]")] = true
		}
	}
	for _, kind := range []string{"tcp", "tcp6", "udp", "udp6", "raw", "raw6", "icmp", "icmp6"} {
		data, err := os.ReadFile(proc + "net/" + kind)
		if err != nil {
			continue // this kernel has none of the kind
		}
		for _, line := range strings.Split(string(data), "\n")[1:] {
			const local, remote, state, inode = 1, 2, 3, 9
			f := strings.Fields(line)
			if len(f) <= inode || !own[f[inode]] {
				continue
			}
			const listen = "0A"
			if strings.HasPrefix(kind, "tcp") && f[state] != listen || strings.Trim(f[remote], "0:") != "" {
				continue
			}
			where = append(where, kind+" "+endpoint(f[local]))
		}
	}
	return where
}

// endpoint returns an IPv4 address of proc(5) as people write it, and any other as it is.
func endpoint(hex string) string {
	host, port, _ := strings.Cut(hex, ":")
	ip, err := strconv.ParseUint(host, 16, 32)
	n, failed := strconv.ParseUint(port, 16, 16)
	if err != nil || failed != nil {
		return hex
	}
	return fmt.Sprintf("%d.%d.%d.%d:%d", byte(ip), byte(ip>>8), byte(ip>>16), byte(ip>>24), n)
}
