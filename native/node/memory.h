// Memory for arenas and variables: aligned to 64 bytes at least, zero, and real only where it is touched.
#ifndef CAJAL_MEMORY_H
#define CAJAL_MEMORY_H

#include <stddef.h>
#include <stdint.h>

namespace cajal {

// A block of memory that unmaps itself. `data` is null where the system had none to give.
class Memory {
 public:
  explicit Memory(size_t bytes);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  uint8_t* data() const { return data_; }
  size_t bytes() const { return bytes_; }

 private:
  uint8_t* data_;
  size_t bytes_;
  size_t mapped_bytes_;
};

}  // namespace cajal

#endif
