//go:build unix

package postgres

import (
	"crypto/tls"
	"errors"
	"net"
	"syscall"
)

// look looks, without a round trip, whether the server closed a connection or sent something unasked.
func look(c net.Conn) life {
	if t, ok := c.(*tls.Conn); ok {
		c = t.NetConn()
	}
	s, ok := c.(syscall.Conn)
	if !ok {
		return unsure
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return dead
	}
	var n int
	var failed error
	err = raw.Read(func(fd uintptr) bool {
		var b [1]byte
		n, _, failed = syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK)
		return true
	})
	switch {
	case err != nil:
		return dead
	case errors.Is(failed, syscall.EAGAIN), errors.Is(failed, syscall.EWOULDBLOCK):
		return alive
	case failed == nil && n > 0:
		return unsure // a notice, or why it ends the session
	}
	return dead
}
