package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
)

const buildkitSocket = "/run/buildkit/buildkitd.sock"

func asksVersion(args []string) bool {
	for _, arg := range args {
		if arg == "--version" || arg == "-v" || arg == "version" {
			return true
		}
	}
	return false
}

func nerdctl(args []string) error {
	if !asksVersion(args) {
		return errors.New("only --version is answered")
	}
	fmt.Println("nerdctl version 1.4.0")
	return nil
}

func buildctl(args []string) error {
	if asksVersion(args) {
		fmt.Println("buildctl github.com/moby/buildkit v0.12.5 konverge-lab")
		return nil
	}
	if strings.HasSuffix(strings.Join(args, " "), "debug workers") {
		connection, err := net.Dial("unix", buildkitSocket)
		if err != nil {
			return err
		}
		connection.Close()
		fmt.Println("ID\t\t\t\tPLATFORMS\nkonverge-lab\t\tlinux/amd64")
		return nil
	}
	return errors.New("only --version and debug workers are answered")
}

// buildkitd opens its socket, tells systemd that it is ready, and stays.
func buildkitd(args []string) error {
	if asksVersion(args) {
		fmt.Println("buildkitd github.com/moby/buildkit v0.12.5 konverge-lab")
		return nil
	}
	os.MkdirAll(filepath.Dir(buildkitSocket), 0o711)
	os.Remove(buildkitSocket)
	listener, err := net.Listen("unix", buildkitSocket)
	if err != nil {
		return err
	}
	if notify := os.Getenv("NOTIFY_SOCKET"); notify != "" {
		if connection, err := net.Dial("unixgram", notify); err == nil {
			fmt.Fprint(connection, "READY=1")
			connection.Close()
		}
	}
	return untilSignal(func() error {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return err
			}
			connection.Close()
		}
	})
}
