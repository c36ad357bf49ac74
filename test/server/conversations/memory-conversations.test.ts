import { memoryConversations } from '../../../src/server/conversations/memory-conversations.js'
import { conversationStoreContract } from './conversation-store.contract.js'

conversationStoreContract({ name: 'memoryConversations', create: async () => memoryConversations() })
