/** Looks at devices and the browser: how loud, how dark, and whether calls can be made at all. */

/** How loud a microphone is, 0 to 1, told at each animation frame until `stop` is called. */
export function meter(track: MediaStreamTrack, tell: (level: number) => void): () => void {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let frame = 0;
  const look = (): void => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, each) => sum + each * each, 0) / samples.length;
    // −60 dB is silence, −10 dB is loud.
    tell(Math.min(1, Math.max(0, (10 * Math.log10(power + 1e-9) + 60) / 50)));
    frame = requestAnimationFrame(look);
  };
  look();
  return () => {
    cancelAnimationFrame(frame);
    void context.close();
  };
}

/** Whether a picture is all black: covered, or blocked by a switch. */
export function isBlack(video: HTMLVideoElement): boolean {
  const canvas = document.createElement("canvas");
  canvas.width = 16;
  canvas.height = 9;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null || video.videoWidth === 0) return false;
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return data.every((value, at) => at % 4 === 3 || value < 12);
}

/** Whether two connections of this very page can reach each other: what a call needs of a browser. */
export async function canConnect(within_ms: number): Promise<boolean> {
  if (typeof RTCPeerConnection === "undefined") return false;
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const both = [a, b] as const;
  try {
    a.addEventListener("icecandidate", ({ candidate }) => void b.addIceCandidate(candidate ?? undefined).catch(() => undefined));
    b.addEventListener("icecandidate", ({ candidate }) => void a.addIceCandidate(candidate ?? undefined).catch(() => undefined));
    const open = new Promise<boolean>((resolve) => {
      const channel = a.createDataChannel("check");
      channel.addEventListener("open", () => resolve(true));
      window.setTimeout(() => resolve(false), within_ms);
    });
    await a.setLocalDescription();
    await b.setRemoteDescription(a.localDescription as RTCSessionDescription);
    await b.setLocalDescription();
    await a.setRemoteDescription(b.localDescription as RTCSessionDescription);
    return await open;
  } catch {
    return false;
  } finally {
    for (const each of both) each.close();
  }
}
