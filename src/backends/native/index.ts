/** The native backend's door: what the engine and `cajal doctor` call. */
export {
  type Availability,
  type NativeBackendOptions,
  nativeAvailability,
  openNativeBackend,
} from './native-backend.ts';
