// A relay for pairs on Pion: ends ICE and DTLS of both callers on one UDP port, and passes RTP on.
//
// Input: a line of JSON for each pair, {"offers": [sdp, sdp]}. Output: {"answers": [sdp, sdp]}.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"

	"github.com/pion/dtls/v2"
	"github.com/pion/webrtc/v3"
)

const receiveBuffer = 4 << 20

type question struct {
	Offers [2]string `json:"offers"`
}

type answer struct {
	Answers [2]string `json:"answers"`
}

func main() {
	api, err := listen(os.Args[1])
	check(err)
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<20)
	for input.Scan() {
		var asked question
		check(json.Unmarshal(input.Bytes(), &asked))
		said, err := connect(api, asked.Offers)
		check(err)
		line, err := json.Marshal(answer{said})
		check(err)
		fmt.Println(string(line))
	}
}

// listen opens the one port; without interceptors, as a relay of two needs none.
func listen(host string) (*webrtc.API, error) {
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.ParseIP(host)})
	if err != nil {
		return nil, err
	}
	if err := socket.SetReadBuffer(receiveBuffer); err != nil {
		return nil, err
	}
	settings := webrtc.SettingEngine{}
	settings.SetLite(true)
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	settings.SetICEUDPMux(webrtc.NewICEUDPMux(nil, socket))
	settings.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM)
	if err := settings.SetAnsweringDTLSRole(webrtc.DTLSRoleServer); err != nil {
		return nil, err
	}
	codecs := &webrtc.MediaEngine{}
	if err := codecs.RegisterDefaultCodecs(); err != nil {
		return nil, err
	}
	return webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(codecs)), nil
}

func connect(api *webrtc.API, offers [2]string) (answers [2]string, err error) {
	var tracks [2]*webrtc.TrackLocalStaticRTP
	for n := range tracks {
		codec := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}
		tracks[n], err = webrtc.NewTrackLocalStaticRTP(codec, "video", fmt.Sprint("leg", n))
		if err != nil {
			return answers, err
		}
	}
	for n, offer := range offers {
		answers[n], err = leg(api, offer, tracks[n], tracks[1-n])
		if err != nil {
			return answers, err
		}
	}
	return answers, nil
}

// leg ends one caller's connection: what comes goes to `partners`, what leaves is `own`.
func leg(api *webrtc.API, offer string, own, partners *webrtc.TrackLocalStaticRTP) (string, error) {
	connection, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return "", err
	}
	connection.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		packet := make([]byte, 1500)
		for {
			size, _, err := track.Read(packet)
			if err != nil {
				return
			}
			_, _ = partners.Write(packet[:size])
		}
	})
	description := webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}
	if err := connection.SetRemoteDescription(description); err != nil {
		return "", err
	}
	sender, err := connection.AddTrack(own)
	if err != nil {
		return "", err
	}
	go func() {
		packet := make([]byte, 1500)
		for {
			if _, _, err := sender.Read(packet); err != nil {
				return
			}
		}
	}()
	gathered := webrtc.GatheringCompletePromise(connection)
	local, err := connection.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	if err := connection.SetLocalDescription(local); err != nil {
		return "", err
	}
	<-gathered
	return connection.LocalDescription().SDP, nil
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
